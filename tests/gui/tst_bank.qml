import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	Device { id: first; serviceUid: "dbus/com.victronenergy.battery.ttyUSB1"; name: "House 1" }
	Device { id: other; serviceUid: "dbus/com.victronenergy.battery.ttyUSB2"; name: "Shed" }

	PageCase {
		name: "PageBank"

		function test_a_bank_of_four() {
			sample.bank(4)
			open("PageBank")
			compare(row("Packs in use").shown, "3 of 4")
			compare(row("House 1").shown, "81% | 53.20V | 10.0A")
			compare(row("<b>House 2</b>").textFormat, Text.PlainText)
			compare(row("Lowest cell").shown, "\u2039b>House 2\u2039/b> C4, 3.311 V")
			compare(row("Highest cell").shown, "House 1 C7, 3.352 V")
			compare(row("House 4").shown, "")
			compare(rows("State").map(item => item.shown), ["in use", "in use", "in use", "does not answer"])
			compare(rows("Charging allowed up to").filter(item => item.preferredVisible).map(item => item.shown), ["40.0A", "40.0A", "40.0A"])
			compare(rows("Discharging allowed up to").filter(item => item.preferredVisible).map(item => item.shown), ["60.0A", "60.0A", "60.0A"])
			compare(row("Weakest cell").shown, "C4 23 mV")
			verify(rows("Cells and limits").every(item => !item.preferredVisible), "packs of other drivers have no page of ours")
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
			picture("bank")
		}
		function test_what_holds_a_pack_of_ours_back() {
			sample.bank(2)
			sample.battery(16, first.serviceUid)
			sample.publish({ "/Member/Name": "House 1" }, first.serviceUid)
			sample.battery(16, other.serviceUid)
			sample.publish({ "/Member/Name": "Shed" }, other.serviceUid)
			Bus.devices = [device, first, other]
			open("PageBank")
			const limits = rows("Charging allowed up to")
			verify(limits[0].caption.startsWith("Highest cell, since "), limits[0].caption)
			compare(rows("Discharging allowed up to")[0].caption, "Configured maximum")
			compare(limits[1].caption, "", "nobody tells of a pack of another driver")
			const ways = rows("Cells and limits")
			compare(ways.map(item => item.preferredVisible), [true, false])
			ways[0].click()
			compare(Global.pushed[0][0], "qrc:/DbusBms/DbusBms_PageBattery.qml")
			verify(Global.pushed[0][1].device === first)
			sample.publish({ "/Bank/LowestCell": "House 2, cell 4", "/CellMonitor/WeakestCell": "B2C4 23 mV" })
			picture("bank-of-ours")
		}
		// Whether there is a way on from each pack.
		function ways() { return rows("Cells and limits").map(item => item.preferredVisible) }

		function bankOfOurs() {
			sample.bank(2)
			sample.publish({ "/Battery/2/Name": "Shed" })
			for (const each of [first, other]) {
				sample.battery(16, each.serviceUid)
				sample.publish({ "/Member/Name": each.name }, each.serviceUid)
			}
			Bus.devices = [device, first, other]
			open("PageBank")
			compare(ways(), [true, true])
		}
		function test_a_pack_whose_service_has_gone() {
			bankOfOurs()
			const batteries = all(shownPage, item => item.model && item.model.serviceTypes)[0].model
			batteries.remove(1)
			tryVerify(() => !ways()[0])
			compare(ways(), [false, true])
			compare(Object.keys(all(shownPage.parent, item => item.packs !== undefined)[0].packs), ["Shed"])
			compare(rows("Charging allowed up to")[0].caption, "")
		}
		function test_a_pack_of_another_name() {
			bankOfOurs()
			sample.publish({ "/Member/Name": "Shed" }, first.serviceUid)
			sample.publish({ "/Member/Name": "House 1" }, other.serviceUid)
			rows("Cells and limits").forEach(item => item.click())
			verify(Global.pushed[0][1].device === other, "they have changed their names")
			verify(Global.pushed[1][1].device === first)
			sample.publish({ "/Member/Name": "Barn" }, first.serviceUid)
			compare(ways(), [true, false])
			Bus.set(other.serviceUid + "/Member/Name", undefined)
			compare(ways(), [false, false])
		}
		function test_nothing_is_asked_of_nobody() {
			sample.bank(2)
			Bus.set("/Info/ChargeLimitationCode", 9)
			open("PageBank")
			compare(rows("Charging allowed up to")[0].caption, "")
		}
		function test_texts_of_others_are_no_markup() {
			sample.bank(2)
			sample.publish({ "/CellMonitor/WeakestCell": "<b>B2C4 23 mV" })
			open("PageBank")
			compare(row("Weakest cell").shown, "\u2039b>B2C4 23 mV")
		}
		function test_events_of_the_bank_are_acknowledged() {
			sample.bank(2)
			sample.publish({ "/CellMonitor/Alerts/Count": 1, "/CellMonitor/Alerts/LatestCode": "1:1:4:2871:1:0:1764430000:2" })
			open("PageBank")
			compare(row("Latest event").shown, "Cell voltage low: warning, B2C4, 2871 mV")
			row("Events that nobody has acknowledged").click()
			compare(lastWritten(), [sample.uid + "/CellMonitor/Alerts/Acknowledge", 1])
		}
		function test_a_pack_is_left_out() {
			sample.bank(2)
			open("PageBank")
			const second = rows("Part of the bank")[1]
			compare(second.shown, "[on]")
			second.click()
			compare(Bus.written, [], "it asks first")
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
			verify(hidden("Packs in use"))
			compare(rows("Part of the bank").length, 0)
		}
	}
}
