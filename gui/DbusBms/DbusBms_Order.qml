import QtQuick
import Victron.VenusOS

// A switch of the BMS itself, off while a flag of the driver is 1. It waits for its turn on the line, and is read back.
DbusBms_Confirm {
	id: root

	required property VeQuickItem flag
	required property VeQuickItem outcome  // of the order that was given last

	//% "Switch on"
	action: flag.value === 1 ? qsTrId("dbusbms_switch_on")
			//% "Switch off"
			: qsTrId("dbusbms_switch_off")
	preferredVisible: flag.seen
	onConfirmed: {
		const wished = flag.value === 1 ? 0 : 1
		flag.setValue(wished)
		wish.watch(flag, wished)
	}

	DbusBms_Wish { id: wish; outcome: root.outcome }
}
