import QtQuick
ListSetting {
	property string secondaryText
	signal clicked
	interactive: true
	shown: "[" + secondaryText + "]"
	function click() { if (interactive && writeAccessLevel === VenusOS.User_AccessType_User) clicked() }
}
