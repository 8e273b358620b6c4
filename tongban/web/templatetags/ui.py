"""Template tags and filters shared by every face."""

from django import template

from tongban.foundation.kernel import masks

register = template.Library()
register.filter("mask_name", masks.mask_name)
register.filter("mask_phone", masks.mask_phone)
register.filter("mask_id", masks.mask_id_number)
