import QtQuick

QtObject {
	id: root

	property string uid
	property int tick
	readonly property var value: { tick; return Bus.values[uid] }
	readonly property bool valid: value !== undefined && value !== null
	readonly property bool seen: { tick; return uid in Bus.values }
	readonly property real min: { tick; const limit = Bus.limits[uid]; return limit ? limit[0] : NaN }
	readonly property real max: { tick; const limit = Bus.limits[uid]; return limit ? limit[1] : NaN }
	readonly property var defaultValue: { tick; const limit = Bus.limits[uid]; return limit && limit.length > 2 ? limit[2] : undefined }
	property Connections watch: Connections { target: Bus; function onChanged(uid) { if (uid === root.uid) root.tick++ } }

	function setValue(value) { Bus.write(uid, value) }
}
