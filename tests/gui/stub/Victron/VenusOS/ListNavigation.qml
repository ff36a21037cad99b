import QtQuick
ListSetting {
	property string secondaryText
	signal clicked
	interactive: true
	shown: secondaryText + "  >"
	function click() { if (interactive) clicked() }
}
