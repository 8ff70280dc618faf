"""The wall display: which number is called to which counter, for the whole room to see."""
