"""The kiosk's screens: they draw a `kiosk.view.View` and report fingers; they decide nothing."""
