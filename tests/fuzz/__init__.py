"""Every parser that reads what others wrote, fed with what nobody should write: only documented errors may leave it."""
