// In the preview a choice of the situation or of the applicant asks for the page anew, with what was filled in.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-anew]")) event.target.form.submit();
});
