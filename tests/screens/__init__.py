"""Tests of the screens: real Kivy windows without a screen."""
