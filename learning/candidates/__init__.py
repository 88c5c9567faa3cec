"""A new model beside the live one: trained, judged, made live, taken back."""
