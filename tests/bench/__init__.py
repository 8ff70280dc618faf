"""Speed of the hall, each figure beside a ceiling measured in the same run on the same machine."""
