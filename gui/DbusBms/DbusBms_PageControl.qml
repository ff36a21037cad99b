import QtQuick
import Victron.VenusOS

// What an owner may change of a battery. Ranges are those of the driver: never more than is configured.
DeviceListPluginPage {
	id: root

	readonly property string uid: device ? device.serviceUid : ""

	title: qsTrId("dbusbms_control_title")

	DbusBms_Wish { id: counts }
	DbusBms_Wish { id: phone }

	VeQuickItem { id: state; uid: root.uid + "/State" }
	VeQuickItem { id: lastOrder; uid: root.uid + "/Info/LastOrder" }
	VeQuickItem { id: lastOutcome; uid: root.uid + "/Info/LastOrderOutcome" }
	VeQuickItem { id: soc; uid: root.uid + "/Settings/Soc" }
	VeQuickItem { id: source; uid: root.uid + "/Settings/SocSource" }
	VeQuickItem { id: released; uid: root.uid + "/Settings/Bluetooth/Release" }
	VeQuickItem { id: chargeOff; uid: root.uid + "/Settings/ForceChargingOff" }
	VeQuickItem { id: dischargeOff; uid: root.uid + "/Settings/ForceDischargingOff" }
	VeQuickItem { id: balancingOff; uid: root.uid + "/Settings/TurnBalancingOff" }

	GradientListView {
		model: VisibleItemModel {
			DbusBms_Allow {
				//% "Charging allowed"
				text: qsTrId("dbusbms_control_charge")
				//% "Switched off in config.ini, so it cannot be switched on here"
				help: dataItem.min === 1 ? qsTrId("dbusbms_control_configured_off")
						//% "Off: chargers are told 0 A"
						: qsTrId("dbusbms_control_charge_help")
				dataItem.uid: root.uid + "/Settings/ChargeBlocked"
			}

			DbusBms_Allow {
				//% "Discharging allowed"
				text: qsTrId("dbusbms_control_discharge")
				help: dataItem.min === 1 ? qsTrId("dbusbms_control_configured_off")
						//% "Off: inverters are told 0 A; the house may go dark"
						: qsTrId("dbusbms_control_discharge_help")
				dataItem.uid: root.uid + "/Settings/DischargeBlocked"
				asks: true
			}

			DbusBms_Number {
				//% "Highest charge current"
				text: qsTrId("dbusbms_control_max_charge")
				//% "Chargers are told no more than this"
				help: qsTrId("dbusbms_control_max_charge_help")
				dataItem.uid: root.uid + "/Settings/MaxChargeCurrent"
				suffix: Units.defaultUnitString(VenusOS.Units_Amp)
			}

			DbusBms_Number {
				//% "Highest discharge current"
				text: qsTrId("dbusbms_control_max_discharge")
				//% "Inverters are told no more than this"
				help: qsTrId("dbusbms_control_max_discharge_help")
				dataItem.uid: root.uid + "/Settings/MaxDischargeCurrent"
				suffix: Units.defaultUnitString(VenusOS.Units_Amp)
			}

			DbusBms_Number {
				//% "Voltage of a full cell (absorption)"
				text: qsTrId("dbusbms_control_absorption")
				//% "The battery is charged up to this, until its cells are even"
				help: qsTrId("dbusbms_control_absorption_help")
				dataItem.uid: root.uid + "/Settings/AbsorptionCellVoltage"
				suffix: Units.defaultUnitString(VenusOS.Units_Volt_DC)
				decimals: 3
				stepSize: 0.005
			}

			DbusBms_Number {
				//% "Voltage of a cell that is kept full (float)"
				text: qsTrId("dbusbms_control_float")
				//% "A full battery is kept at this"
				help: qsTrId("dbusbms_control_float_help")
				dataItem.uid: root.uid + "/Settings/FloatCellVoltage"
				suffix: Units.defaultUnitString(VenusOS.Units_Volt_DC)
				decimals: 3
				stepSize: 0.005
			}

			DbusBms_Number {
				//% "Days between balancing charges"
				text: qsTrId("dbusbms_control_full_days")
				//% "So often the battery is charged until its cells are even; 0: never"
				help: qsTrId("dbusbms_control_full_days_help")
				dataItem.uid: root.uid + "/Settings/FullChargeDays"
			}

			ListRadioButtonGroup {
				//% "Who counts the state of charge"
				text: qsTrId("dbusbms_control_soc_source")
				//% "A BMS may drift; this driver counts anew from each full charge"
				caption: qsTrId("dbusbms_control_soc_source_help")
				dataItem.uid: root.uid + "/Settings/SocSource"
				writeAccessLevel: VenusOS.User_AccessType_User
				optionModel: source.max === 2 ? [bms, driver, other] : [bms, driver]
				preferredVisible: dataItem.valid && source.max !== 0  // a bank knows what its packs say
				onOptionClicked: index => counts.watch(source, optionModel[index].value)

				//% "The BMS"
				readonly property var bms: ({ display: qsTrId("dbusbms_control_soc_bms"), value: 0 })
				//% "This driver"
				readonly property var driver: ({ display: qsTrId("dbusbms_control_soc_driver"), value: 1 })
				//% "Another battery monitor"
				readonly property var other: ({ display: qsTrId("dbusbms_control_soc_other"), value: 2 })
			}

			DbusBms_Number {
				//% "The state of charge is"
				text: qsTrId("dbusbms_control_soc")
				//% "Sets what the battery is taken to hold now; it counts on from there"
				help: qsTrId("dbusbms_control_soc_help")
				dataItem.uid: root.uid + "/Settings/Soc"
				outcome: source.value === 0 ? lastOutcome : null
				tolerance: 1  // it counts on meanwhile, and a BMS may round it
				hasDefault: false
				suffix: Units.defaultUnitString(VenusOS.Units_Percentage)
			}

			ListText {
				text: qsTrId("dbusbms_control_soc")
				//% "Cannot be set: whoever counts it does not take it, or the BMS does not answer"
				caption: qsTrId("dbusbms_control_soc_not")
				preferredVisible: !soc.valid
			}

			DbusBms_Confirm {
				//% "Leave the BMS to a phone"
				text: qsTrId("dbusbms_control_phone")
				//% "The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed"
				caption: qsTrId("dbusbms_control_phone_help")
				//: on a button; %1: number of minutes
				//% "Take it back, %1 min left"
				action: released.value > 0 ? qsTrId("dbusbms_control_phone_end").arg(released.value)
						//% "For 10 minutes"
						: qsTrId("dbusbms_control_phone_begin")
				preferredVisible: released.valid
				onConfirmed: {
					const wished = released.value > 0 ? 0 : 10
					released.setValue(wished)
					phone.watch(released, wished)
				}
			}

			DbusBms_Order {
				//% "Charge switch of the BMS"
				text: qsTrId("dbusbms_control_charge_switch")
				//% "Off: the BMS itself cuts charging off, until it is told otherwise"
				caption: qsTrId("dbusbms_control_charge_switch_help")
				flag: chargeOff
				interactive: chargeOff.valid
				outcome: lastOutcome
			}

			DbusBms_Order {
				//% "Discharge switch of the BMS"
				text: qsTrId("dbusbms_control_discharge_switch")
				//% "Off takes the whole system down, this screen too if the battery feeds it"
				caption: qsTrId("dbusbms_control_discharge_switch_help")
				flag: dischargeOff
				interactive: dischargeOff.valid
				outcome: lastOutcome
			}

			DbusBms_Order {
				//% "Balancer of the BMS"
				text: qsTrId("dbusbms_control_balancer")
				//% "Off: the BMS no longer makes cells even"
				caption: qsTrId("dbusbms_control_balancer_help")
				flag: balancingOff  // not known before its first order
				interactive: state.value !== 10
				outcome: lastOutcome
			}

			DbusBms_Foreign {
				//% "What the BMS was told last, and what became of it"
				title: qsTrId("dbusbms_control_order")
				said: lastOrder.valid ? lastOrder.value + ": " + (lastOutcome.valid ? lastOutcome.value : "") : ""
			}
		}
	}
}
