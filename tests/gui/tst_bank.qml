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
			compare(row("Lowest cell").shown, "\u2039b>House 2\u2039/b>, cell 4, 3.311 V")
			compare(row("Highest cell").shown, "House 1, cell 7, 3.352 V")
			compare(row("House 4").shown, "")
			compare(rows("State").map(item => item.shown), ["in use", "in use", "in use", "does not answer"])
			compare(rows("Charging allowed up to").filter(item => item.preferredVisible).length, 3)
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
		function test_a_standing_of_a_later_version() {
			sample.bank(2)
			sample.publish({ "/Battery/1/Standing": "<i>asleep</i>" })
			open("PageBank")
			compare(rows("State")[0].shown, "\u2039i>asleep\u2039/i>")
		}
		function test_a_pack_of_a_bank() {
			sample.battery(16)
			for (const path of ["/Info/MaxChargeCurrent", "/Info/MaxChargeVoltage"]) Bus.set(sample.uid + path, undefined)
			sample.publish({ "/Member/Limit/ChargeCurrent": 25, "/Member/Limit/ChargeVoltage": 55.2 })
			open("PageBattery")
			compare(row("Charging allowed up to").shown, "25.0A | 55.20V")
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
