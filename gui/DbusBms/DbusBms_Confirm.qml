import QtQuick
import Victron.VenusOS

// A button that wants to be pressed twice: the first time it asks.
ListButton {
	id: root

	property string action
	readonly property bool asking: question.running

	signal confirmed

	function press() {
		if (question.running) {
			question.stop()
			confirmed()
		} else {
			question.start()
		}
	}

	//% "Sure? Press again"
	secondaryText: asking ? qsTrId("dbusbms_sure") : action
	writeAccessLevel: VenusOS.User_AccessType_User
	onClicked: press()

	Timer { id: question; interval: 5000 }
}
