import QtQuick
import Victron.VenusOS

// What a battery does, why, and how its cells are.
DeviceListPluginPage {
	id: root

	readonly property string uid: device ? device.serviceUid : ""
	readonly property int batteryState: state.valid ? state.value : -1
	readonly property var raised: alarmCodes.valid && alarmCodes.value !== "" ? String(alarmCodes.value).split(";") : []
	readonly property var event: latest.valid ? String(latest.value).split(":") : []

	//% "Cells and limits"
	title: qsTrId("dbusbms_battery_title")

	// What belongs to a reason, in numbers: which cell, which temperature.
	function reasonText(item) {
		const text = words.of(words.reasons, item)
		if (item.value === 9 && maxCell.valid) return text + ": " + words.plain(maxCell.value) + ", " + words.number(maxVoltage.value, 3, "V")
		if ((item.value === 10 || item.value === 18) && minCell.valid) return text + ": " + words.plain(minCell.value) + ", " + words.number(minVoltage.value, 3, "V")
		if (item.value === 11 && coldest.valid) return text + ": " + words.number(coldest.value, 0, "°C") + " – " + words.number(warmest.value, 0, "°C")
		if (item.value === 13 && fet.valid) return text + ": " + words.number(fet.value, 0, "°C")
		if (item.value === 14 && soc.valid) return text + ": " + words.number(soc.value, 0, "%")
		return text
	}

	DbusBms_Words { id: words }
	DbusBms_Wish { id: wish }

	VeQuickItem { id: state; uid: root.uid + "/State" }
	VeQuickItem { id: soc; uid: root.uid + "/Soc" }
	VeQuickItem { id: current; uid: root.uid + "/Dc/0/Current" }
	VeQuickItem { id: voltage; uid: root.uid + "/Dc/0/Voltage" }
	VeQuickItem { id: ccl; uid: root.uid + "/Info/MaxChargeCurrent" }
	VeQuickItem { id: dcl; uid: root.uid + "/Info/MaxDischargeCurrent" }
	VeQuickItem { id: cvl; uid: root.uid + "/Info/MaxChargeVoltage" }
	// A pack of a bank tells its limits to the bank alone.
	VeQuickItem { id: ownCcl; uid: root.uid + "/Member/Limit/ChargeCurrent" }
	VeQuickItem { id: ownCvl; uid: root.uid + "/Member/Limit/ChargeVoltage" }
	VeQuickItem { id: chargeReason; uid: root.uid + "/Info/ChargeLimitationCode" }
	VeQuickItem { id: dischargeReason; uid: root.uid + "/Info/DischargeLimitationCode" }
	VeQuickItem { id: chargeState; uid: root.uid + "/Info/ChargeState" }
	VeQuickItem { id: alarmCodes; uid: root.uid + "/Info/AlarmCodes" }
	VeQuickItem { id: minCell; uid: root.uid + "/System/MinVoltageCellId" }
	VeQuickItem { id: maxCell; uid: root.uid + "/System/MaxVoltageCellId" }
	VeQuickItem { id: minVoltage; uid: root.uid + "/System/MinCellVoltage" }
	VeQuickItem { id: maxVoltage; uid: root.uid + "/System/MaxCellVoltage" }
	VeQuickItem { id: coldest; uid: root.uid + "/System/MinCellTemperature" }
	VeQuickItem { id: warmest; uid: root.uid + "/System/MaxCellTemperature" }
	VeQuickItem { id: fet; uid: root.uid + "/System/MOSTemperature" }
	VeQuickItem { id: latest; uid: root.uid + "/CellMonitor/Alerts/LatestCode" }
	VeQuickItem { id: faults; uid: root.uid + "/Info/ConfigurationFault" }
	VeQuickItem { id: batteries; uid: root.uid + "/System/NrOfBatteries" }
	VeQuickItem { id: sinceFull; uid: root.uid + "/History/TimeSinceLastFullCharge" }
	VeQuickItem { id: errorCode; uid: root.uid + "/Diagnostics/LastErrors/1/Error" }
	VeQuickItem { id: errorTime; uid: root.uid + "/Diagnostics/LastErrors/1/Time" }
	VeQuickItem { id: losses; uid: root.uid + "/Info/Link/LossesPerDay" }
	VeQuickItem { id: gap; uid: root.uid + "/Info/Link/LongestGap" }
	VeQuickItem { id: trouble; uid: root.uid + "/Info/Link/Trouble" }
	VeQuickItem { id: drawn; uid: root.uid + "/History/DischargedEnergy" }
	VeQuickItem { id: charged; uid: root.uid + "/History/ChargedEnergy" }
	VeQuickItem { id: acknowledge; uid: root.uid + "/CellMonitor/Alerts/Acknowledge" }

	GradientListView {
		model: VisibleItemModel {
			ListText {
				text: root.batteryState === 10 ? words.alarmText("BmsCable")
						//% "The BMS answers again"
						: qsTrId("dbusbms_battery_returning")
				//% "Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown"
				caption: root.batteryState === 10 ? qsTrId("dbusbms_battery_no_contact_help")
						//% "Limits rise slowly until it has proved itself"
						: qsTrId("dbusbms_battery_returning_help")
				preferredVisible: root.batteryState === 10 || root.batteryState === 14
			}

			ListText {
				//% "State"
				text: qsTrId("dbusbms_battery_state")
				secondaryText: words.of(words.states, chargeState)
			}

			ListQuantityGroup {
				//% "Now"
				text: qsTrId("dbusbms_battery_now")
				model: QuantityObjectModel {
					QuantityObject { object: soc; unit: VenusOS.Units_Percentage }
					QuantityObject { object: voltage; unit: VenusOS.Units_Volt_DC }
					QuantityObject { object: current; unit: VenusOS.Units_Amp }
				}
			}

			ListQuantityGroup {
				//% "Charging allowed up to"
				text: qsTrId("dbusbms_battery_charge")
				model: QuantityObjectModel {
					QuantityObject { object: ownCcl.valid ? ownCcl : ccl; unit: VenusOS.Units_Amp }
					QuantityObject { object: ownCvl.valid ? ownCvl : cvl; unit: VenusOS.Units_Volt_DC }
				}
			}

			ListText {
				//% "Because of"
				text: qsTrId("dbusbms_battery_because")
				secondaryText: root.reasonText(chargeReason)
				preferredVisible: chargeReason.valid && chargeReason.value > 0
			}

			ListQuantityGroup {
				//% "Discharging allowed up to"
				text: qsTrId("dbusbms_battery_discharge")
				model: QuantityObjectModel {
					QuantityObject { object: dcl; unit: VenusOS.Units_Amp }
				}
			}

			ListText {
				text: qsTrId("dbusbms_battery_because")
				secondaryText: root.reasonText(dischargeReason)
				preferredVisible: dischargeReason.valid && dischargeReason.value > 0
			}

			ListText {
				//% "Alarms"
				text: qsTrId("dbusbms_battery_alarms")
				//% "None"
				secondaryText: root.raised.length === 0 ? qsTrId("dbusbms_none") : root.raised.map(code => words.plain(words.alarm(code))).join("\n")
			}

			ListText {
				//% "Last error that stopped the battery"
				text: qsTrId("dbusbms_battery_last_error")
				secondaryText: "#" + errorCode.value + ", " + words.date(errorTime.valid ? errorTime.value : 0)
				preferredVisible: errorCode.valid && errorCode.value > 0
			}

			DbusBms_Foreign {
				//% "To be put right"
				title: qsTrId("dbusbms_battery_faults")
				said: faults.valid ? String(faults.value) : ""
			}

			SectionHeader {
				//% "Cells"
				text: qsTrId("dbusbms_battery_cells")
			}

			ListText {
				//% "No cell voltages are known now"
				text: qsTrId("dbusbms_battery_no_cells")
				preferredVisible: !cells.preferredVisible && !(batteries.value > 1)
			}

			DbusBms_Cells { id: cells; uid: root.uid }
			DbusBms_Trend { uid: root.uid }

			ListText {
				//% "Weakest cell"
				text: qsTrId("dbusbms_battery_weakest")
				//% "How far it is ahead of the others on the way to full and to empty"
				caption: qsTrId("dbusbms_battery_weakest_help")
				dataItem.uid: root.uid + "/CellMonitor/WeakestCell"
				preferredVisible: dataItem.valid
			}

			ListText {
				//% "Strongest cell"
				text: qsTrId("dbusbms_battery_strongest")
				dataItem.uid: root.uid + "/CellMonitor/StrongestCell"
				preferredVisible: dataItem.valid
			}

			ListQuantity {
				//% "Largest difference in two days"
				text: qsTrId("dbusbms_battery_spread")
				dataItem.uid: root.uid + "/CellMonitor/Statistics/MaxSpread"
				unit: VenusOS.Units_Volt_DC
				decimals: 3
				preferredVisible: dataItem.valid
			}

			ListText {
				//% "Latest event"
				text: qsTrId("dbusbms_battery_event")
				secondaryText: root.event.length < 7 ? "" : (words.events[root.event[0]] || "") + ": " + (words.levels[root.event[1]] || "")
						+ (root.event.length > 7 ? ", B" + root.event[7] + (root.event[2] > 0 ? "C" + root.event[2] : "")
							: root.event[2] > 0 ? ", " + words.cellName(root.event[2] - 1, cells.count, cells.units) : "")
						+ (root.event[3] > 0 ? ", " + root.event[3] + " mV" : "")
				//: %1: date and time
				//% "since %1"
				caption: root.event.length < 7 ? "" : root.event[4] === "1" ? qsTrId("dbusbms_since").arg(words.date(root.event[6]))
						//: %1: date and time
						//% "over; it began %1"
						: qsTrId("dbusbms_began").arg(words.date(root.event[6]))
				preferredVisible: root.event.length >= 7
			}

			ListButton {
				//% "Events that nobody has acknowledged"
				text: qsTrId("dbusbms_battery_alerts")
				//: on a button; %1: number of events
				//% "Acknowledge %1"
				secondaryText: qsTrId("dbusbms_battery_acknowledge").arg(alerts.valid ? alerts.value : 0)
				writeAccessLevel: VenusOS.User_AccessType_User
				preferredVisible: alerts.valid && alerts.value > 0
				onClicked: {
					acknowledge.setValue(1)
					wish.watch(alerts, 0)
				}
				VeQuickItem { id: alerts; uid: root.uid + "/CellMonitor/Alerts/Count" }
			}

			SectionHeader {
				//% "More"
				text: qsTrId("dbusbms_battery_more")
			}

			ListItem {
				id: temperatures

				preferredVisible: coldest.valid || fet.valid
				contentItem: Flow {
					spacing: 20

					Label {
						//% "Temperatures"
						text: qsTrId("dbusbms_battery_temperatures")
						font: temperatures.font
					}
					Repeater {
						model: 16
						delegate: Label {
							id: sensor

							required property int index

							visible: sensorItem.valid
							text: "T" + (index + 1) + " " + words.number(sensorItem.value, 0, "°C")
							font.pixelSize: Theme.font_listItem_secondary_size
							color: Theme.color_font_secondary
							VeQuickItem { id: sensorItem; uid: root.uid + "/System/Temperature" + (sensor.index + 1) }
						}
					}
					Label {
						visible: fet.valid
						text: "BMS " + words.number(fet.value, 0, "°C")
						font.pixelSize: Theme.font_listItem_secondary_size
						color: Theme.color_font_secondary
					}
				}
			}

			ListQuantityGroup {
				//% "Charged, discharged"
				text: qsTrId("dbusbms_battery_energy")
				model: QuantityObjectModel {
					QuantityObject { object: charged; unit: VenusOS.Units_Energy_KiloWattHour }
					QuantityObject { object: drawn; unit: VenusOS.Units_Energy_KiloWattHour }
				}
			}

			ListText {
				//% "Cycles"
				text: qsTrId("dbusbms_battery_cycles")
				dataItem.uid: root.uid + "/History/ChargeCycles"
				preferredVisible: dataItem.valid
			}

			ListText {
				//% "Last full charge"
				text: qsTrId("dbusbms_battery_full")
				//: %1: number of days
				//% "%1 days ago"
				secondaryText: sinceFull.valid ? qsTrId("dbusbms_days_ago").arg((sinceFull.value / 86400).toFixed(1))
						//% "Not seen yet"
						: qsTrId("dbusbms_battery_never_full")
			}

			ListText {
				//% "Bluetooth connection"
				text: qsTrId("dbusbms_battery_link")
				//: %1: a number; %2: seconds
				//% "lost %1 times in 24 hours, longest gap %2 s"
				secondaryText: qsTrId("dbusbms_battery_losses").arg(losses.valid ? losses.value : "--").arg(gap.valid ? Math.round(gap.value) : "--")
				preferredVisible: losses.valid
			}

			DbusBms_Foreign {
				//% "What ends the connection"
				title: qsTrId("dbusbms_battery_trouble")
				said: trouble.valid ? String(trouble.value) : ""
			}

			ListNavigation {
				//% "Packs of this bank"
				text: qsTrId("dbusbms_bank_title")
				preferredVisible: batteries.valid && batteries.value > 1
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageBank.qml", { "device": root.device })
			}

			ListNavigation {
				//% "Limits and switches"
				text: qsTrId("dbusbms_control_title")
				onClicked: Global.pageManager.pushPage("qrc:/DbusBms/DbusBms_PageControl.qml", { "device": root.device })
			}
		}
	}
}
