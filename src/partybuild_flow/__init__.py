"""Lifecycles that analysts can read, decisions that explain themselves."""
