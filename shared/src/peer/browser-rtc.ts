// Stands for node-datachannel where WebRTC is built in: `#rtc` in package.json picks.
export {};
