import QtQuick
import Victron.VenusOS

// A switch that is on while a flag of the driver is 0, and says so when the driver refuses.
ListSwitch {
	id: root

	property string help
	property bool asks  // whether switching it off wants a second press

	caption: question.running ? qsTrId("dbusbms_sure") : help
	invertSourceValue: true
	updateDataOnClick: false
	preferredVisible: dataItem.valid  // it would show "off"
	writeAccessLevel: VenusOS.User_AccessType_User
	onClicked: {
		const wished = dataItem.value === 1 ? 0 : 1
		if (asks && wished === 1 && !question.running) {
			question.start()
			return
		}
		question.stop()
		dataItem.setValue(wished)
		wish.watch(dataItem, wished)
	}

	Timer { id: question; interval: 5000 }
	DbusBms_Wish { id: wish }
}
