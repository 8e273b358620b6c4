`tongban backup keep` says on the operators' page what it carried last and when the last whole backup was made.
