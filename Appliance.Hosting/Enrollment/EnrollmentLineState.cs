namespace Appliance.Hosting.Enrollment;

/// <summary>How a node's request for a certificate stands, as far as the node knows.</summary>
public enum EnrollmentLineState
{
    Waits,
    Refused,
    Certified,
}
