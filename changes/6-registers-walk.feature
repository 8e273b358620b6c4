`tests/torture` walks base registers, divisions and boundaries at random beside a model of them, with kills in between.
