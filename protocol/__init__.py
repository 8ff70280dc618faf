"""The words that every program of a hall shares; docs/protocol.md is their authority."""
