"""Tongban 通办: the digital-government platform of one city."""
