"""A whole hall on one machine: the real programs, with citizens and staff who are played."""
