The API lists items, gives the implementation list under the exchange standard's names, and the guide in words for a situation.
