import QtQuick
import QtTest
import Victron.VenusOS

// A page of the plugin in a window of the size of the screen, and what tests want of it.
TestCase {
	id: root

	property string page
	property Device device: Device { name: "JBD BMS (ttyUSB0)"; productId: 0xBAB5 }
	property Sample sample: Sample { }
	readonly property Item shownPage: loader.item

	property Loader loader: Loader { parent: root.parent; width: parent.width; height: parent.height }

	when: windowShown

	function open(name, width, height) {
		device.serviceUid = sample.uid
		loader.parent.width = width || 800
		loader.parent.height = height || 480
		const properties = name.indexOf("Settings") < 0 ? { device: device } : {}
		loader.setSource("pages/DbusBms_" + name + ".qml", properties)
		compare(loader.status, Loader.Ready, name + " cannot be loaded")
		// Rows are made over several frames.
		const list = all(loader.item, item => item.contentY !== undefined)[0]
		tryVerify(() => list.count === 0 || list.itemAtIndex(list.count - 1) !== null)
	}
	function close() { loader.setSource("") }

	function all(item, test, found) {
		const list = found || []
		for (let i = 0; i < item.children.length; ++i) {
			if (test(item.children[i])) list.push(item.children[i])
			all(item.children[i], test, list)
		}
		return list
	}
	function rows(text) { return all(loader.item, item => (item.text === text || item.title === text) && item.preferredVisible !== undefined) }
	function row(text) {
		const found = rows(text).filter(item => item.preferredVisible)
		compare(found.length, 1, "rows that say \"" + text + "\"")
		return found[0]
	}
	function hidden(text) { return rows(text).length > 0 && rows(text).every(item => !item.preferredVisible) }
	function texts() { return all(loader.item, item => typeof item.text === "string" && item.visible && item.font !== undefined).map(item => item.text) }
	function lastWritten() { return Bus.written.length ? Bus.written[Bus.written.length - 1] : [] }

	// A picture of what the window shows, and one of what is further down.
	function picture(name, below) {
		const list = all(loader.item, item => item.contentY !== undefined)[0]
		if (below) list.contentY = list.originY + Math.max(0, Math.min(below, list.contentHeight - list.height))
		wait(350)
		grabImage(loader.item).save("pictures/" + name + ".png")
	}

	function cleanup() {
		close()
		Bus.clear()
		Global.toasts = []
		Global.pushed = []
		Theme.screenSize = Theme.FiveInch
		Theme.dark = true
	}
}
