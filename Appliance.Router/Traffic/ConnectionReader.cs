namespace Appliance.Router.Traffic;

/// <summary>Takes one connection of many.</summary>
internal delegate void ConnectionReader(in Connection connection);
