"""A partnership's policy: its shape, its limits, its checks, and how its file is read."""
