"""Tests of what stays between two starts."""
