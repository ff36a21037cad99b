import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	Device { id: second; serviceUid: "dbus/com.victronenergy.battery.ble"; name: "<b>Shed</b>" }
	Device { id: bank; serviceUid: "dbus/com.victronenergy.battery.House"; name: "House" }
	Device { id: foreign; serviceUid: "dbus/com.victronenergy.battery.other"; name: "Another" }
	Device { id: bridge; serviceType: "digitalinput"; serviceUid: "dbus/com.victronenergy.digitalinput.mppt_bridge"; name: "Bridge" }

	PageCase {
		name: "PageSettings"

		function test_all_of_ours() {
			device.serviceUid = sample.uid
			sample.battery(16)
			sample.battery(4, second.serviceUid)
			sample.publish({ "/Mgmt/Connection": "a4:c1:38:00:00:01" }, second.serviceUid)
			sample.publish({ "/ProductId": 0xB012 }, foreign.serviceUid)
			sample.publish({ "/ProductId": 0xBAB6, "/Bridge/Allow": 0, "/Bridge/Reason": "battery <i>full</i>", "/Bridge/Problem": "", "/Mgmt/ProcessVersion": "0.2.0",
				"/Chargers/1/Name": "MPPT 150", "/Chargers/1/SwitchedOff": 1,
				"/Chargers/1/Result": "mode 4 is in force", "/Chargers/1/Problem": "it stays off", "/Chargers/3/Name": "MPPT 75", "/Chargers/3/SwitchedOff": 0,
				"/Chargers/3/Result": "is on again", "/Chargers/3/Problem": "", "/Chargers/2/Name": "MPPT 100", "/Chargers/2/SwitchedOff": 0,
				"/Chargers/2/ChargeCurrent": 10, "/Chargers/2/Result": "", "/Chargers/2/Problem": "" }, bridge.serviceUid)
			sample.battery(16, bank.serviceUid)
			sample.publish({ "/Mgmt/Connection": "D-Bus" }, bank.serviceUid)
			Bus.devices = [device, second, bank, foreign, bridge]
			open("PageSettings")
			compare(row("JBD BMS (ttyUSB0)").shown, "82% | 22.4A  >")
			compare(row("<b>Shed</b>").textFormat, Text.PlainText)
			compare(rows("Another").length, 0)
			const logs = all(shownPage, item => typeof item.said === "string").map(item => item.said)
			verify(logs.indexOf("Log: /var/log/dbus-bms.ttyUSB0/current") >= 0)
			verify(logs.indexOf("Log: /var/log/dbus-bms-bluetooth/current") >= 0)
			verify(logs.indexOf("Log: /var/log/dbus-bms-bank/current") >= 0)
			verify(logs.indexOf("Log: /var/log/dbus-bms-bridge/current") >= 0)
			verify(row("Documentation").caption.indexOf("docs/screen.md") === 0)
			compare(row("Bridge to solar chargers").shown, "Charging not allowed")
			compare(row("MPPT 150").said, "switched off by the bridge, it stays off")
			compare(row("MPPT 75").said, "is on again")
			compare(row("MPPT 100").said, "10 A")
			compare(row("Why").said, "battery <i>full</i>")
			verify(hidden("No battery of this driver is there"))
			row("JBD BMS (ttyUSB0)").click()
			compare(Global.pushed[0][0], "qrc:/DbusBms/DbusBms_PageBattery.qml")
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
			picture("settings")
		}
		function test_none_of_ours() {
			open("PageSettings")
			verify(row("No battery of this driver is there").caption.length > 0)
			compare(row("Configuration").shown, "/data/apps/dbus-bms/config.ini")
		}
	}
}
