namespace Appliance.Detector.Detectors.Scans;

/// <param name="Targets">Distinct host and service.</param>
/// <param name="Hosts">Distinct hosts.</param>
/// <param name="TopService">The service of most contacts.</param>
/// <param name="TopCount">How many of them.</param>
/// <param name="PortsOfTopHost">Most services that one host was asked for.</param>
internal readonly record struct FailedContactSummary(int Targets, int Hosts, Service TopService, int TopCount, int PortsOfTopHost)
{
    public bool IsOneService(int contacts) => TopCount == contacts;
}
