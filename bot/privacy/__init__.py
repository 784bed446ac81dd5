"""Masking before anything is stored, and what is stored."""
