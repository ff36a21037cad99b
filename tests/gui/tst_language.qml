import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	PageCase {
		name: "LANGUAGE"

		function test_pages_data() { return ["PageBattery", "PageControl", "PageBank", "PageSettings"].map(page => ({ tag: page, page: page })) }
		function test_pages(data) {
			sample.bank(4)
			sample.publish({ "/Info/AlarmCodes": "HighCellVoltage:2:2:7;CellImbalance:1:9:0", "/Settings/ForceChargingOff": 0,
				"/CellMonitor/Alerts/Count": 2, "/CellMonitor/Alerts/LatestCode": "1:1:4:2871:1:0:1764430000" })
			open(data.page)
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
			picture(data.page.slice(4).toLowerCase() + "-LANGUAGE")
		}
	}
}
