"""A finished run as masks: PNG label maps, COCO, MOTS."""
