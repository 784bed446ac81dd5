"""The project's folders, found from the place of this file."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
SOUND_POLICIES = ROOT / "var" / "policies"
"""Copies of the policy files as they last loaded."""
