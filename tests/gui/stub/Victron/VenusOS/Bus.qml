pragma Singleton
import QtQuick

// What services publish: uid -> value. A test fills it, VeQuickItem reads it, and what is written is kept.
QtObject {
	property var values: ({})
	property var limits: ({})  // least, most, and what is configured
	property var written: []
	property var refused: []  // uids whose values no write changes
	property var actions: []  // uids that stay as they are, though the write is accepted
	property var devices: []

	signal changed(string uid)

	function set(uid, value) {
		values[uid] = value
		changed(uid)
	}
	function write(uid, value) {
		written.push([uid, value])
		if (refused.indexOf(uid) < 0 && actions.indexOf(uid) < 0) set(uid, value)
	}
	function clear() {
		const before = Object.keys(values)
		values = {}
		limits = {}
		written = []
		refused = []
		actions = []
		devices = []
		for (const uid of before) changed(uid)
	}
}
