"""What rooms above tell of their reading: which field of which form is filled from which element of a register."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Reading(models.Model):
    """One field of a service item's form that is filled from a register. Told by the service network whenever an item is published."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item_code = models.CharField(max_length=120)
    item_name = models.CharField(max_length=1000)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    field = models.CharField(max_length=200, help_text="the field's key in the form")
    label = models.CharField(max_length=200)
    register = models.CharField(max_length=20)
    element = models.CharField(max_length=50)
    on_licence = models.BooleanField(
        default=False, db_default=False, help_text="the field goes onto the licence that the item gives out"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_code", "field", "register", "element"], name="one_reading_a_field")
        ]
        indexes = [models.Index(fields=["register", "element"], name="readings_of_an_element")]
