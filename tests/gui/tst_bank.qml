import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	PageCase {
		name: "PageBank"

		function test_a_bank_of_four() {
			sample.bank(4)
			open("PageBank")
			compare(row("Packs that answer").shown, "3 of 4")
			compare(row("House 1").shown, "81% | 53.20V | 10.0A")
			compare(row("<b>House 2</b>").textFormat, Text.PlainText)
			verify(row("Weakest cell of all").shown.indexOf("<") < 0)
			compare(row("House 4").shown, "")
			compare(rows("Because of").map(item => item.shown),
				["Configured maximum", "Highest cell", "Configured maximum", "The BMS is lost"])
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
			picture("bank")
		}
		function test_a_pack_is_left_out() {
			sample.bank(2)
			open("PageBank")
			const second = rows("Part of the bank")[1]
			compare(second.shown, "[on]")
			second.click()
			compare(lastWritten(), [sample.uid + "/Settings/Exclude/2", 1])
			compare(second.shown, "[off]")
		}
		function test_the_way_there() {
			sample.bank(4)
			open("PageBattery")
			row("Packs of this bank").click()
			compare(Global.pushed[0][0], "qrc:/DbusBms/DbusBms_PageBank.qml")
		}
		function test_nothing_is_known() {
			open("PageBank")
			verify(hidden("Packs that answer"))
			compare(rows("Part of the bank").length, 0)
		}
	}
}
