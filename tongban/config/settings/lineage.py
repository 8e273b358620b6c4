"""Which operations of our own API give out what came from registers."""

from tongban.config.interfaces import INTERFACES as INTERFACES
