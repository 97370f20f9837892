namespace Appliance.Router.Devices;

/// <summary>A word that, read from one source, speaks for a kind of device; the weight is how seldom it is wrong, 1 to 4.</summary>
internal sealed record KindRule(TraitSource Source, string Word, string Kind, int Weight);
