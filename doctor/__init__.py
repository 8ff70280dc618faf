"""Looks a PC of a hall over and says in plain words what is wrong and what to do (`./motcua doctor`)."""
