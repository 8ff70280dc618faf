"""What the wall looks like: widgets and their rules in Kivy's language."""
