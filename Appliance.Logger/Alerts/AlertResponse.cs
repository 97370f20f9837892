namespace Appliance.Logger.Alerts;

/// <summary>What the Router did about one alert.</summary>
internal readonly record struct AlertResponse(string AlertId, AlertAction Action);
