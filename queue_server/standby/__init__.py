"""The second machine: a clone that has every batch before its answer leaves, and can take the hall over."""
