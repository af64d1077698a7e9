"""The list of crawlers of a package, as a seed."""
