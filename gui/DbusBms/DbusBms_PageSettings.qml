import QtQuick
import Victron.VenusOS

// All that this driver looks after, and where to look further.
Page {
	id: root

	//% "Batteries of dbus-bms"
	title: qsTrId("dbusbms_settings_title")

	DbusBms_Words { id: words }

	FilteredDeviceModel {
		id: batteries

		serviceTypes: ["battery"]
		childFilterIds: { "battery": ["ProductId"] }
		childFilterFunction: (device, items) => items["ProductId"] ? items["ProductId"].value === 0xBAB5 : false
	}

	FilteredDeviceModel {
		id: bridges

		serviceTypes: ["digitalinput"]
		childFilterIds: { "digitalinput": ["ProductId"] }
		childFilterFunction: (device, items) => items["ProductId"] ? items["ProductId"].value === 0xBAB6 : false
	}

	GradientListView {
		model: batteries
		delegate: Column {
			id: row

			required property Device device

			width: parent ? parent.width : 0

			VeQuickItem { id: soc; uid: row.device.serviceUid + "/Soc" }
			VeQuickItem { id: current; uid: row.device.serviceUid + "/Dc/0/Current" }
			VeQuickItem { id: port; uid: row.device.serviceUid + "/Mgmt/Connection" }
			VeQuickItem { id: version; uid: row.device.serviceUid + "/Mgmt/ProcessVersion" }

			ListQuantityGroupNavigation {
				text: row.device.name
				textFormat: Text.PlainText
				quantityModel: QuantityObjectModel {
					filterType: QuantityObjectModel.HasValue
					QuantityObject { object: soc; unit: VenusOS.Units_Percentage }
					QuantityObject { object: current; unit: VenusOS.Units_Amp }
				}
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageBattery.qml", { "device": row.device })
			}
			DbusBms_Foreign {
				//: %1: version of the program; %2: where the BMS is attached
				//% "Version %1, at %2"
				title: qsTrId("dbusbms_settings_version").arg(version.valid ? version.value : "--").arg(port.valid ? port.value : "--")
				//: %1: name of a file
				//% "Log: %1"
				said: qsTrId("dbusbms_settings_log").arg("/var/log/dbus-bms" + (!port.valid ? ""
						: String(port.value).startsWith("/dev/") ? "." + String(port.value).split("/").pop()
						: port.value === "D-Bus" ? "-bank" : "-bluetooth") + "/current")
			}
		}
		footer: Column {
			width: parent ? parent.width : 0

			ListText {
				//% "No battery of this driver is there"
				text: qsTrId("dbusbms_settings_none")
				//% "On the device, /data/apps/dbus-bms/current/status says what is wrong"
				caption: qsTrId("dbusbms_settings_none_help")
				preferredVisible: batteries.count === 0
			}

			Repeater {
				model: bridges
				delegate: Column {
					id: bridge

					required property Device device

					width: parent ? parent.width : 0

					VeQuickItem { id: allow; uid: bridge.device.serviceUid + "/Bridge/Allow" }
					VeQuickItem { id: reason; uid: bridge.device.serviceUid + "/Bridge/Reason" }
					VeQuickItem { id: bridgeVersion; uid: bridge.device.serviceUid + "/Mgmt/ProcessVersion" }
					VeQuickItem { id: problem; uid: bridge.device.serviceUid + "/Bridge/Problem" }

					ListText {
						//% "Bridge to solar chargers"
						text: qsTrId("dbusbms_bridge")
						secondaryText: allow.value === 1 ? qsTrId("dbusbms_control_charge")
								//% "Charging not allowed"
								: qsTrId("dbusbms_bridge_not_allowed")
					}
					DbusBms_Foreign {
						title: qsTrId("dbusbms_settings_version").arg(bridgeVersion.valid ? bridgeVersion.value : "--").arg("D-Bus")
						said: qsTrId("dbusbms_settings_log").arg("/var/log/dbus-bms-bridge/current")
					}
					DbusBms_Foreign {
						//% "Why"
						title: qsTrId("dbusbms_bridge_why")
						said: reason.valid ? String(reason.value) : ""
					}
					DbusBms_Foreign {
						//% "Problem"
						title: qsTrId("dbusbms_bridge_problem")
						said: problem.valid ? String(problem.value) : ""
					}
					Repeater {
						model: 8
						delegate: DbusBms_Foreign {
							id: charger

							required property int index
							readonly property string node: bridge.device.serviceUid + "/Chargers/" + (index + 1)

							title: chargerName.valid ? String(chargerName.value) : ""
							//% "switched off by the bridge"
							readonly property var parts: [off.value === 1 ? qsTrId("dbusbms_bridge_off") : told.valid ? words.number(told.value, 0, "A") : "",
								off.value !== 1 && result.valid ? result.value : "", trouble.valid ? trouble.value : ""]
							said: chargerName.valid ? parts.filter(part => part !== "").join(", ") : ""

							VeQuickItem { id: chargerName; uid: charger.node + "/Name" }
							VeQuickItem { id: off; uid: charger.node + "/SwitchedOff" }
							VeQuickItem { id: told; uid: charger.node + "/ChargeCurrent" }
							VeQuickItem { id: result; uid: charger.node + "/Result" }
							VeQuickItem { id: trouble; uid: charger.node + "/Problem" }
						}
					}
				}
			}

			ListText {
				//% "Configuration"
				text: qsTrId("dbusbms_settings_configuration")
				secondaryText: "/data/apps/dbus-bms/config.ini"
			}
			ListText {
				//% "What is installed, and what it does"
				text: qsTrId("dbusbms_settings_status")
				secondaryText: "/data/apps/dbus-bms/current/status"
			}
			ListText {
				//% "Documentation"
				text: qsTrId("dbusbms_settings_documentation")
				//% "docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong"
				caption: qsTrId("dbusbms_settings_documentation_help")
			}
		}
	}
}
