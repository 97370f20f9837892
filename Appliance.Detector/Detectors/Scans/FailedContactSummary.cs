namespace Appliance.Detector.Detectors.Scans;

/// <param name="Targets">Distinct host and service.</param>
/// <param name="Hosts">Distinct hosts.</param>
/// <param name="TopService">The service of most contacts.</param>
/// <param name="TopCount">How many of them.</param>
/// <param name="PortsOfTopHost">Most services that one host was asked for.</param>
/// <param name="HighPorts">Contacts to ports from 1024 on.</param>
internal readonly record struct FailedContactSummary(int Targets, int Hosts, Service TopService, int TopCount, int PortsOfTopHost, int HighPorts)
{
    /// <summary>Every host another, with another high port: peers that are gone, as file sharing and calls meet them.</summary>
    public bool IsPeerToPeer(int contacts) => Hosts == Targets && HighPorts == contacts && TopCount <= Math.Max(1, contacts / 10);

    public bool IsOneService(int contacts) => TopCount == contacts;
}
