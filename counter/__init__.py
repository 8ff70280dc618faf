"""Counters without a PC: call keypads, call boxes with rating keys and LED signs on serial lines."""
