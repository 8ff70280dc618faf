"""Tickets on paper: what a ticket shows, how it becomes bytes, and what the printer says about it."""
