import QtQuick
import Victron.VenusOS

// The packs of a bank: what each of them does, and what holds it back.
DeviceListPluginPage {
	id: root

	readonly property string uid: device ? device.serviceUid : ""
	readonly property int count: batteries.valid ? batteries.value : 0

	// Of the batteries of this driver those that are there, by what their bank calls them: their delegates below.
	property var packs: ({})

	title: qsTrId("dbusbms_bank_title")

	DbusBms_Words { id: words }

	VeQuickItem { id: batteries; uid: root.uid + "/System/NrOfBatteries" }
	VeQuickItem { id: online; uid: root.uid + "/System/NrOfModulesOnline" }
	VeQuickItem { id: offline; uid: root.uid + "/System/NrOfModulesOffline" }
	VeQuickItem { id: lowest; uid: root.uid + "/Bank/LowestCell" }
	VeQuickItem { id: lowestVoltage; uid: root.uid + "/System/MinCellVoltage" }
	VeQuickItem { id: highest; uid: root.uid + "/Bank/HighestCell" }
	VeQuickItem { id: highestVoltage; uid: root.uid + "/System/MaxCellVoltage" }
	VeQuickItem { id: weakest; uid: root.uid + "/CellMonitor/WeakestCell" }

	FilteredDeviceModel {
		id: ours

		serviceTypes: ["battery"]
		childFilterIds: { "battery": ["ProductId"] }
		childFilterFunction: (device, items) => items["ProductId"] ? items["ProductId"].value === 0xBAB5 : false
	}
	Repeater {
		model: ours
		delegate: Item {
			id: one

			required property Device device
			property string called

			function call(name) {
				if (name === called) return
				const packs = Object.assign({}, root.packs)
				if (packs[called] === one) delete packs[called]  // another one may have taken its name
				if (name !== "") packs[name] = one
				called = name
				root.packs = packs
			}

			Component.onDestruction: call("")

			VeQuickItem {
				uid: one.device ? one.device.serviceUid + "/Member/Name" : ""
				onValueChanged: one.call(value || "")
			}
		}
	}

	GradientListView {
		header: Column {
			width: parent ? parent.width : 0

			ListText {
				//% "Packs in use"
				text: qsTrId("dbusbms_bank_online")
				//: %1 of %2: numbers of packs
				//% "%1 of %2"
				secondaryText: qsTrId("dbusbms_bank_of").arg(online.valid ? online.value : "--").arg(root.count)
				preferredVisible: root.count > 0
			}
			ListText {
				text: words.reasons[10]
				secondaryText: words.plain(lowest.value).replace(", cell ", " C") + ", " + words.number(lowestVoltage.value, 3, "V")
				preferredVisible: lowest.valid
			}
			ListText {
				text: words.reasons[9]
				secondaryText: words.plain(highest.value).replace(", cell ", " C") + ", " + words.number(highestVoltage.value, 3, "V")
				preferredVisible: highest.valid
			}
			ListText {
				text: qsTrId("dbusbms_battery_weakest")
				secondaryText: words.plain(weakest.value)
				preferredVisible: weakest.valid
			}
			DbusBms_Event { uid: root.uid }
			DbusBms_Acknowledge { uid: root.uid }
		}
		model: root.count
		delegate: Column {
			id: pack

			required property int index
			readonly property string node: root.uid + "/Battery/" + (index + 1)

			// Its own battery, where it is one of this driver: that one knows what holds it back.
			readonly property Device own: name.valid && root.packs[name.value] ? root.packs[name.value].device : null
			readonly property string ownUid: own && own.serviceUid ? own.serviceUid : ""

			width: parent ? parent.width : 0

			VeQuickItem { id: name; uid: pack.node + "/Name" }
			VeQuickItem { id: soc; uid: pack.node + "/Soc" }
			VeQuickItem { id: voltage; uid: pack.node + "/Voltage" }
			VeQuickItem { id: current; uid: pack.node + "/Current" }
			VeQuickItem { id: standing; uid: pack.node + "/Standing" }
			VeQuickItem { id: ccl; uid: pack.node + "/ChargeLimit" }
			VeQuickItem { id: dcl; uid: pack.node + "/DischargeLimit" }
			VeQuickItem { id: chargeReason; uid: pack.ownUid ? pack.ownUid + "/Info/ChargeLimitationCode" : "" }
			VeQuickItem { id: chargeSince; uid: pack.ownUid ? pack.ownUid + "/Info/ChargeLimitationSince" : "" }
			VeQuickItem { id: dischargeReason; uid: pack.ownUid ? pack.ownUid + "/Info/DischargeLimitationCode" : "" }
			VeQuickItem { id: dischargeSince; uid: pack.ownUid ? pack.ownUid + "/Info/DischargeLimitationSince" : "" }

			ListQuantityGroup {
				//: %1: number of a pack
				//% "Pack %1"
				text: name.valid ? String(name.value) : qsTrId("dbusbms_bank_pack").arg(pack.index + 1)
				textFormat: Text.PlainText
				model: QuantityObjectModel {
					filterType: QuantityObjectModel.HasValue
					QuantityObject { object: soc; unit: VenusOS.Units_Percentage }
					QuantityObject { object: voltage; unit: VenusOS.Units_Volt_DC }
					QuantityObject { object: current; unit: VenusOS.Units_Amp }
				}
			}
			ListQuantityGroup {
				text: qsTrId("dbusbms_battery_charge")
				caption: words.reason(chargeReason, chargeSince)
				model: QuantityObjectModel {
					QuantityObject { object: ccl; unit: VenusOS.Units_Amp }
				}
				preferredVisible: ccl.valid
			}
			ListQuantityGroup {
				text: qsTrId("dbusbms_battery_discharge")
				caption: words.reason(dischargeReason, dischargeSince)
				model: QuantityObjectModel {
					QuantityObject { object: dcl; unit: VenusOS.Units_Amp }
				}
				preferredVisible: dcl.valid
			}
			ListText {
				text: qsTrId("dbusbms_battery_state")
				secondaryText: words.standing(standing.value)
				preferredVisible: standing.valid
			}
			DbusBms_Allow {
				//% "Part of the bank"
				text: qsTrId("dbusbms_bank_member")
				asks: true
				//% "Off: left out for service, without alarms; it is still connected"
				help: qsTrId("dbusbms_bank_member_help")
				dataItem.uid: root.uid + "/Settings/Exclude/" + (pack.index + 1)
			}
			ListNavigation {
				text: qsTrId("dbusbms_battery_title")
				preferredVisible: pack.own !== null
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageBattery.qml", { "device": pack.own })
			}
		}
	}
}
