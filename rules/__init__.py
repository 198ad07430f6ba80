"""The rulebooks that come with backscreen: data, in folders of YAML."""
