"""Still pictures: the same networks and kit colours as for footage, without time between the pictures."""
