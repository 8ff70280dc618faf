"""Pictures and films beside the calls: which one it is now, and how its file becomes pixels."""
