"""Mutation testing of rules: would the cases notice a mistake?"""
