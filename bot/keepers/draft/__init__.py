"""A draft policy from a published text, in which every statement carries its passage."""
