from datetime import date

from tongban.demo.identities import identities
from tongban.foundation.kernel.identifiers import citizen_id_fault, organisation_check, uscc_fault


def test_every_invented_person_has_a_valid_number_of_his_own():
    persons = identities()["persons"].values()
    assert len(persons) >= 16
    assert [p["key"] for p in persons if citizen_id_fault(p["id_number"], today=date(2026, 1, 1))] == []
    assert len({p["id_number"] for p in persons}) == len({p["phone"] for p in persons}) == len(persons)


def test_every_invented_company_has_a_valid_code_and_says_it_is_invented():
    companies = identities()["companies"].values()
    assert len(companies) >= 12
    for company in companies:
        code = company["uscc"]
        assert uscc_fault(code) is None
        assert organisation_check(code[8:16]) == code[16]
        assert "示例" in company["name"]
